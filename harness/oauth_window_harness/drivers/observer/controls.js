// The controls that the user can use, and the page's dialogs: what came instead of a window, or after the event.
const usable = "button, a[href], [role=button], [role=menuitem], input[type=button], input[type=submit]";
const dialogs = "dialog[open], [role=dialog], [role=alertdialog], [popover]";
const most = 200;
const quoted = (text) => stringify(text.replaceAll("\\", "\\\\"));
const firstLine = (element) => {
  const line = (element.getAttribute("aria-label") || element.innerText || element.value || element.title || "").trim();
  return String(line.split("\n")[0]).slice(0, 80);
};
const selectorOf = (element, text) => {
  if (element.id) return `#${window.CSS.escape(element.id)}`;
  const test = element.getAttribute("data-testid");
  if (test) return `[data-testid=${quoted(test)}]`;
  return text && element.innerText ? `${element.localName}:has-text(${quoted(text)})` : placeOf(element);
};
const all = (selector) => [document, ...roots].flatMap((root) => [...root.querySelectorAll(selector)]);
const enabled = (element) => !element.matches(":disabled") && !element.closest("[aria-disabled=true], [inert]");
let offered = "";
const tellControls = () => {
  const offer = {
    controls: all(usable).slice(0, most).filter((element) => enabled(element) && visible(element)).map((element) => {
      const text = firstLine(element);
      return { text, selector: selectorOf(element, text) };
    }),
    dialogs: all(dialogs).slice(0, most).filter(visible).map(firstLine),
  };
  const text = stringify(offer);
  // The moment is that of the change, as it is of a text.
  if (text !== offered) tell("controls", offer, since);
  offered = text;
};
