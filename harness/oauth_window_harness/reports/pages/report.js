// Filters the scenarios, copies commands, and opens what a link leads to. The page can be read without it.
"use strict";

const plays = [...document.querySelectorAll("[data-verdict]")];
const rest = document.getElementById("rest");
const shown = document.getElementById("shown");
const filters = ["verdict", "group", "code"].map((name) => [name, document.getElementById(`filter-${name}`)]);
const search = document.getElementById("filter-text");
const texts = new Map();

// The text of a play is long, and is asked for only once somebody searches.
const textOf = (play) => {
  if (!texts.has(play)) texts.set(play, play.textContent.toLowerCase());
  return texts.get(play);
};

const filter = () => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const play of plays) {
    const fits = filters.every(([name, { value }]) => !value || play.dataset[name].split(" ").includes(value));
    play.hidden = !(fits && words.every((word) => textOf(play).includes(word)));
    count += play.hidden ? 0 : 1;
  }
  if (rest) rest.hidden = !rest.querySelector("li:not([hidden])");
  shown.textContent = `${count} of ${plays.length}`;
};

const reset = () => {
  for (const [, select] of filters) select.value = "";
  search.value = "";
  filter();
};

// Browsers open a closed element for a link by themselves; not all do, and none shows what a filter hides.
const reveal = () => {
  const place = document.getElementById(location.hash.slice(1));
  if (!place) return;
  if (place.closest("[hidden]") || place.querySelector(":scope > [hidden]")) reset();
  const holder = place.closest("details");
  if (holder) holder.open = true;
  place.scrollIntoView();
};

const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy"); // where the page may not use the clipboard by itself
    area.remove();
  }
};

const addButtons = (root) => {
  for (const command of root.querySelectorAll(".command:not(:has(button)) > :is(code, .mono)")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "copy";
    button.title = "Copy the command";
    button.addEventListener("click", async () => {
      await copy(command.textContent);
      button.textContent = "copied";
    });
    command.after(" ", button);
  }
};

if (search) {
  search.addEventListener("input", filter);
  for (const [, select] of filters) select.addEventListener("change", filter);
  document.getElementById("filter-reset").addEventListener("click", reset);
  search.closest("[hidden]").hidden = false;
  filter();
}
for (const part of document.querySelectorAll(".run, .cause")) addButtons(part);
// A play gets its button when it is opened: there may be a thousand of them.
document.addEventListener("toggle", ({ target }) => target.open && addButtons(target), true);
addEventListener("hashchange", reveal);
reveal();
