// Lists the controls of one document and its open shadow roots, with what a person and a screen reader know of each;
// `detailed` adds how a user can name each one, and what opens the place where it is hidden.
(detailed) => {
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
    const undrawn = hidden(element) || getComputedStyle(element).display === "none";
    return squeeze(undrawn ? element.textContent : content(element)) || squeeze(element.title);
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
  const meet = (one, other) => {
    const [left, top] = [Math.max(one.left, other.left), Math.max(one.top, other.top)];
    const [right, bottom] = [Math.min(one.right, other.right), Math.min(one.bottom, other.bottom)];
    return right - left > 1 && bottom - top > 1 ? { left, top, right, bottom } : null;
  };
  // What remains of an element after everything that clips it; what scrolls can be scrolled into view.
  const rest = (element) => {
    let box = element.getBoundingClientRect();
    let { position } = getComputedStyle(element);
    for (let node = parentOf(element); node && node !== document.body && position !== "fixed"; node = parentOf(node)) {
      const style = getComputedStyle(node);
      if (style.display === "contents" || (position === "absolute" && style.position === "static")) continue;
      position = style.position;
      const overflow = style.overflowX + style.overflowY;
      if (/auto|scroll/.test(overflow)) box = node.getBoundingClientRect();
      else if (/hidden|clip/.test(overflow)) box = meet(box, node.getBoundingClientRect());
      if (box === null) return null;
    }
    const { scrollX, scrollY, innerWidth, innerHeight } = window;
    const { scrollWidth, scrollHeight } = document.documentElement;
    return meet(box, position === "fixed" ? { left: 0, top: 0, right: innerWidth, bottom: innerHeight } : {
      left: -scrollX, top: -scrollY,
      right: Math.max(innerWidth, scrollWidth - scrollX), bottom: Math.max(innerHeight, scrollHeight - scrollY),
    });
  };
  const canSee = (element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    if (!(width > 0 && height > 0) || !element.checkVisibility({ visibilityProperty: true })) return false;
    if (!element.checkVisibility({ opacityProperty: true })) {
      // Transparent over something that can be seen, it is clicked all the same.
      const hit = element.getRootNode().elementFromPoint(x + width / 2, y + height / 2);
      if (hit === null || !element.contains(hit)) return false;
    }
    return rest(element) !== null;
  };
  const disabled = (element) => {
    if (element.matches(":disabled") || element.closest("[inert]")) return true;
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
  // What pictures say to those who see them: by their names, or by that of the icon.
  const pictured = (element) => {
    if (element.localName === "img") return element.alt || (element.src.match(/([\w-]+)\.\w+(?:[?#].*)?$/)?.[1] ?? "");
    const label = element.getAttribute("aria-label") ?? element.getAttribute("title");
    const use = element.localName === "use" ? element.getAttribute("href") ?? element.getAttribute("xlink:href") ?? "" : "";
    return label || use.replace(/^.*#/, "") || (element.getAttribute("class") ?? "").replace(/[-_]/g, " ");
  };
  const picturesOf = (node) => [...node.querySelectorAll("img, [role=img], svg, svg use, i:empty, span:empty")]
    .filter((element) => element.checkVisibility()).map(pictured).join(" ");
  // The text of its row, and the pictures in it: those nearest to the control, where a row has several.
  const contextOf = (element) => {
    const own = squeeze(element.textContent).length;
    let near = "";
    for (let node = parentOf(element), level = 0; node && level < 4; node = parentOf(node), level += 1) {
      if (node === document.body) break;
      near ||= node.getElementsByTagName("*").length < 200 ? squeeze(picturesOf(node)) : "";
      const text = squeeze(node.textContent);
      if (text.length > own) return squeeze(`${near} ${text}`).slice(0, 200);
    }
    return near.slice(0, 200);
  };
  // The nearest place around a control that has headings: a card, if it has one alone, which is not the page's, and asks
  // for nothing to be filled in.
  const HEADINGS = "h2, h3, h4, h5, h6, legend, [role=heading], th[scope=row]";
  const FIELDS = "input:not([type=hidden], [type=button], [type=submit], [type=image]), select, textarea";
  const cardOf = (element) => {
    if (element.localName === "summary") return ["", ""];
    for (let node = parentOf(element); node && !node.matches("main, body, html"); node = parentOf(node)) {
      const all = [...node.querySelectorAll(HEADINGS)];
      if (node.querySelector("h1") || all.length > 20) break;
      const headings = all.filter(canSee);
      if (headings.length === 0) continue;
      if (headings.length > 1 || headings[0].contains(element) || node.querySelector(FIELDS)) break;
      return [pathOf(node), squeeze(content(headings[0])).slice(0, 200)];
    }
    return ["", ""];
  };
  const CHOOSES = "[role=tab], [role=menuitemradio], [role=menuitemcheckbox], [role=option], [role=radio], [role=treeitem]";
  const HANDLED = "[target]:not([target=_self], [target=_top], [target=_parent]), [onclick], [data-action], [jsaction]";
  // What is no control by its markup, and looks or works like one.
  const OTHERS = `${CONTROLS}, label, input, select, textarea, option, body, html, ${CHOOSES}`;
  const pressed = (element) => {
    if (element === document.body || element.closest(OTHERS) !== element.closest("body") || element.textContent.length > 200) return false;
    if (element.onclick || (element.hasAttribute("tabindex") && element.tabIndex >= 0)) return true;
    const parent = parentOf(element);
    return getComputedStyle(element).cursor === "pointer" && getComputedStyle(parent).cursor !== "pointer";
  };
  const everything = roots.flatMap((root) => [...root.querySelectorAll("*")]);
  const controls = roots.flatMap((root) => [...root.querySelectorAll(CONTROLS)]);
  const elements = everything.slice(0, 5000).filter((element) => element instanceof HTMLElement && pressed(element));
  const roleOf = (element, href) => {
    if (element.matches(CHOOSES)) return "tab";
    if (!element.matches(CONTROLS)) return "element";
    return href && !/^(button|menuitem)$/.test(element.getAttribute("role") ?? "") ? "link" : "button";
  };
  // A selector of Playwright's that a user can paste: by an id or a label if that matches nothing else, or by place.
  const quoted = (text) => JSON.stringify(text);
  const matches = (selector) => roots.flatMap((root) => [...root.querySelectorAll(selector)]);
  const alone = (selector) => matches(selector).length === 1;
  const named = (element) => [
    element.id && `#${CSS.escape(element.id)}`,
    ...["data-testid", "data-test", "name", "aria-label"].map((name) => element.hasAttribute(name)
      && `${element.localName}[${name}=${quoted(element.getAttribute(name))}]`),
  ].find((selector) => selector && alone(selector));
  const pasted = (element) => {
    const path = [];
    for (let node = element; node && node !== document.body; node = node.parentElement ?? node.getRootNode().host) {
      const known = named(node);
      if (known) return [known, ...path].join(" > ");
      const siblings = node.parentElement ?? node.getRootNode();
      path.unshift(`${node.localName}:nth-child(${1 + [...siblings.children].indexOf(node)})`);
    }
    return ["body", ...path].join(" > ");
  };
  // What opens the place in which an element is hidden.
  const openerOf = (element) => {
    for (let node = element; node; node = parentOf(node)) {
      if (node.localName === "details" && !node.open && node.querySelector("summary")) return node.querySelector("summary");
      const id = node.id && CSS.escape(node.id);
      const opener = id && matches(["aria-controls", "popovertarget", "commandfor", "data-target", "data-bs-target", "href"]
        .flatMap((name) => [`[${name}="${id}"]`, `[${name}="#${id}"]`]).join(", ")).find(canSee);
      if (opener) return opener;
    }
    return null;
  };
  return [...controls, ...elements].map((element) => {
    const href = navigation(element);
    const visible = canSee(element);
    const [card, heading] = cardOf(element);
    const opener = detailed && !visible ? openerOf(element) : null;
    return {
      selector: pathOf(element), name: nameOf(element).slice(0, 200), role: roleOf(element, href), href,
      enabled: !disabled(element), visible, context: contextOf(element), card, heading,
      markup: squeeze(element.outerHTML).slice(0, 100), hinted: element.matches(HANDLED),
      pasted: detailed ? pasted(element) : "", opener: opener ? pasted(opener) : "",
    };
  });
}
