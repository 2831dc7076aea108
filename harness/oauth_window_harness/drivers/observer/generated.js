// The text that only CSS makes, in `content` of ::before and ::after. Asking for the style of every element would slow a
// page down, so the rules are looked through for text first, each sheet once for as many rules as it has.
const pseudos = /::?(before|after)$/;
const writes = /["'][^"']*[\p{L}\p{N}\p{So}]|attr\(|var\(/u;
const looked = new WeakMap();
// Whether there are rules that cannot be read: those of another origin's sheet, and imported ones.
let unread = false;
const writersOf = (rules) => [...rules].flatMap((rule) => {
  if (rule.styleSheet) unread = true;
  const inner = rule.cssRules?.length ? writersOf(rule.cssRules) : [];
  const selectors = writes.test(rule.style?.content ?? "") ? rule.selectorText.split(",").map((one) => one.trim()) : [];
  return [...inner, ...selectors.filter((one) => pseudos.test(one)).map((one) => {
    const parent = rule.parentRule?.selectorText;
    const nested = parent ? one.replaceAll("&", `:is(${parent})`) : one;
    return { selector: nested.replace(pseudos, "") || "*", pseudo: `::${pseudos.exec(one)[1]}` };
  })];
});
const writers = (sheet) => {
  try {
    const { length } = sheet.cssRules;
    if (looked.get(sheet)?.length !== length) looked.set(sheet, { length, found: writersOf(sheet.cssRules) });
    return looked.get(sheet).found;
  } catch {
    unread = true;
    return [];
  }
};
// The text of such a rule can be read all the same, where it is known of which element: of those that have come since the
// document was there, and of those near one of which an attribute has changed.
const touched = new Set();
const mostTouched = 1000;
const touch = (records) => {
  if (document.readyState === "loading") return;
  for (const { type, target, addedNodes } of records) {
    for (const node of type === "attributes" ? [target.parentElement ?? target] : addedNodes) touched.add(node);
  }
  if (touched.size <= most) return;
  touched.clear();
  touched.add(document.documentElement);
};
const touchedIn = (root) => {
  if (!unread) return [];
  for (const node of touched) if (!node.isConnected) touched.delete(node);
  const near = [...touched].filter((node) => node.getRootNode() === root);
  return [...new Set(near.flatMap(within))].slice(0, mostTouched);
};
const writtenBy = (pseudo) => (element) => writes.test(getComputedStyle(element, pseudo).content);
const quotedTexts = /"((?:[^"\\]|\\.)*)"|attr\(([^)]*)\)/g;
const generatedText = (element, pseudo) => {
  const { content, display, visibility, opacity } = getComputedStyle(element, pseudo);
  if (display === "none" || visibility !== "visible" || opacity === "0" || !visible(element)) return "";
  const parts = [...content.matchAll(quotedTexts)];
  return parts.map(([, text, name]) => text?.replaceAll(/\\(.)/g, "$1") ?? element.getAttribute(name) ?? "").join("").trim();
};
const matching = (root, selector) => {
  try {
    return [...root.querySelectorAll(selector)].slice(0, most);
  } catch {
    return []; // a selector that only a style sheet may have
  }
};
const generatedTexts = (root) => {
  const [before, after] = [new Set(), new Set()]; // several rules may be those of one element
  for (const sheet of [...root.styleSheets, ...(root.adoptedStyleSheets ?? [])]) {
    for (const { selector, pseudo } of writers(sheet)) {
      for (const element of matching(root, selector)) (pseudo === "::before" ? before : after).add(element);
    }
  }
  const near = touchedIn(root);
  near.filter(writtenBy("::before")).forEach((element) => before.add(element));
  near.filter(writtenBy("::after")).forEach((element) => after.add(element));
  return [
    ...[...before].map((element) => generatedText(element, "::before")),
    ...[...after].map((element) => generatedText(element, "::after")),
  ];
};
