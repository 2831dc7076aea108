// Returns what a document has that people sign in at, and how a control stands to it; `control` may be null.
(control) => {
  const roots = [document];
  for (const root of roots) {
    for (const element of root.querySelectorAll("*")) if (element.shadowRoot) roots.push(element.shadowRoot);
  }
  const parentOf = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host ?? null;
  const holds = (outer, inner) => {
    for (let node = inner; node; node = parentOf(node)) if (node === outer) return true;
    return false;
  };
  const seen = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  };
  const all = (selector) => roots.flatMap((root) => [...root.querySelectorAll(selector)]).filter(seen);
  const text = (element) => (element.getAttribute("aria-label") || element.innerText || element.textContent
    || element.value || element.title || element.alt || "").replace(/\s+/g, " ").trim().slice(0, 80);
  const BUTTONS = "button, input[type=submit], input[type=button], input[type=image], [role=button]";
  const BOUNDARIES = "body, main, section, article, header, footer";
  const buttons = all(BUTTONS);
  const passwords = all("input[type=password]:not(:disabled)");
  // The buttons of a field, by the elements that hold both, the nearest first: those of its form, or near it.
  const nearby = (field) => {
    const levels = [];
    for (let node = parentOf(field), depth = 0; node && depth < 12; node = parentOf(node), depth += 1) {
      const names = buttons.filter((button) => holds(node, button)).map(text);
      if (names.length) levels.push(names.slice(0, 20));
      if (names.length && node.matches("form, dialog, [role=dialog]")) break;
      if (!field.form && (node.matches(BOUNDARIES) || levels.length > 2)) break;
      if (node === document.body) break;
    }
    return levels;
  };
  const box = control?.getBoundingClientRect();
  const hit = control && control.getRootNode().elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const covers = (field) => {
    if (!control) return false;
    const modal = field.closest("dialog:modal, [aria-modal=true]");
    if (modal && !holds(modal, control)) return true;
    if (!hit || holds(control, hit) || holds(hit, control)) return false;
    let cover = hit;
    while (parentOf(cover) && !holds(parentOf(cover), control)) cover = parentOf(cover);
    return holds(cover, field);
  };
  const USERS = "input[autocomplete~=username], input[autocomplete~='current-password']";
  return {
    password: passwords.length > 0 || all(USERS).length > 0,
    fields: all("input:not([type]), input[type=text], input[type=email], input[type=tel]").length > 0,
    title: document.title,
    headings: all("h1, h2, h3").map(text).slice(0, 20),
    words: [document.title, ...all("h1, h2, legend, button, input[type=submit]").map(text)].slice(0, 40),
    forms: passwords.slice(0, 5).map((field) => ({ buttons: nearby(field), covers: covers(field) })),
    control: control ? text(control) : null,
  };
}
