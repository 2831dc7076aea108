"""Parts of small pages that tests serve: what opens the window, and what follows up its event."""

from __future__ import annotations

import json

from tests.worlds import GOOD, LOCATION, SERVICE, START, USER

#: The address of start.
WINDOW = f"{SERVICE}{START}?locationId={LOCATION}&userId={USER}"

#: Follows up the event, whoever opened the window.
LISTENS = f"""<p role=status></p><script>
const say = (text) => {{ document.querySelector("p").textContent = text; }};
addEventListener("message", async (event) => {{
  const {{ actionType, platform, accountId }} = event.data;
  if (event.origin !== "{SERVICE}" || actionType !== "close" || platform !== "facebook" || !accountId) return;
  const url = `{SERVICE}/social-media-posting/oauth/{LOCATION}/facebook/accounts/${{accountId}}`;
  const answer = await fetch(url, {{ headers: {json.dumps(GOOD)} }});
  say(answer.ok ? "Connected" : "Sorry");
}});
</script>"""

#: Opens the window.
OPENS = f'window.open("{WINDOW}", "fb", "popup")'
