// Lists the controls of one document and its open shadow roots, with what a person and a screen reader know of each.
() => {
  const CONTROLS = "button, input[type=button], input[type=submit], input[type=image], [role=button], [role=menuitem],"
    + " [role=link], summary, a";
  const roots = [document];
  for (const root of roots) {
    for (const element of root.querySelectorAll("*")) if (element.shadowRoot) roots.push(element.shadowRoot);
  }
  const parentOf = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host ?? null;
  const hidden = (element) => element.getAttribute("aria-hidden") === "true" || element.hidden;
  const squeeze = (text) => text.replace(/\s+/g, " ").trim();
  // Accessible Name and Description Computation 1.2, as far as controls need it.
  const byIds = (element) => (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean)
    .map((id) => element.getRootNode().getElementById?.(id)).filter(Boolean);
  const content = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE || hidden(node) || node.matches("script, style, template")) return "";
    if (getComputedStyle(node).display === "none") return "";
    const label = node.getAttribute("aria-label");
    if (label?.trim()) return ` ${label} `;
    if (node.matches("img, input[type=image], area")) return ` ${node.alt ?? ""} `;
    if (node.localName === "title" && node.namespaceURI.endsWith("svg")) return ` ${node.textContent} `;
    const nodes = node.localName === "slot" && node.assignedNodes().length ? node.assignedNodes()
      : [...(node.shadowRoot ?? node).childNodes];
    const inside = nodes.map(content).join("") || node.getAttribute("title") || "";
    return /^(inline|contents)/.test(getComputedStyle(node).display) ? inside : ` ${inside} `;
  };
  const nameOf = (element) => {
    const referred = byIds(element).map((one) => one.getAttribute("aria-label") || one.textContent).join(" ");
    const label = referred || element.getAttribute("aria-label");
    if (label?.trim()) return squeeze(label);
    if (element.localName === "input") {
      return squeeze(element.alt || element.value || element.title || (element.type === "submit" ? "Submit" : ""));
    }
    return squeeze(content(element)) || squeeze(element.title);
  };
  const pathOf = (element) => {
    const path = [];
    for (let node = element; node; node = node.parentElement ?? node.getRootNode().host) {
      const siblings = node.parentElement ?? node.getRootNode();
      path.unshift(node === document.documentElement ? "html"
        : `${node.localName}:nth-child(${1 + [...siblings.children].indexOf(node)})`);
    }
    return `css=${path.join(" > ")}`;
  };
  const canSee = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && element.checkVisibility({ visibilityProperty: true });
  };
  const disabled = (element) => {
    if (element.matches(":disabled")) return true;
    for (let node = element; node; node = parentOf(node)) if (node.getAttribute("aria-disabled") === "true") return true;
    return false;
  };
  // A link that stays in the document is a button by another name.
  const navigation = (element) => {
    if (element.localName !== "a" || !element.hasAttribute("href")) return "";
    if (element.protocol === "javascript:") return "";
    const [there, here] = [element.href, document.URL].map((url) => url.split("#")[0]);
    return there === here && (element.getAttribute("href").includes("#") || element.getAttribute("href") === "")
      ? "" : element.href;
  };
  const contextOf = (element) => {
    const own = squeeze(element.textContent).length;
    for (let node = parentOf(element), level = 0; node && level < 4; node = parentOf(node), level += 1) {
      if (node === document.body) return "";
      const text = squeeze(node.textContent);
      if (text.length > own) return text.slice(0, 200);
    }
    return "";
  };
  const CHOOSES = "[role=tab], [role=menuitemradio], [role=menuitemcheckbox], [role=option], [role=radio], [role=treeitem]";
  const HANDLED = "[target]:not([target=_self], [target=_top], [target=_parent]), [onclick], [data-action], [jsaction]";
  return roots.flatMap((root) => [...root.querySelectorAll(CONTROLS)]).map((element) => {
    const href = navigation(element);
    const role = element.matches(CHOOSES) ? "tab" : href && !/^(button|menuitem)$/.test(element.getAttribute("role") ?? "") ? "link" : "button";
    return {
      selector: pathOf(element), name: nameOf(element).slice(0, 200), role, href, enabled: !disabled(element),
      visible: canSee(element), context: contextOf(element),
      markup: squeeze(element.outerHTML).slice(0, 100), hinted: element.matches(HANDLED),
    };
  });
}
