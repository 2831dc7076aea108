"""HTML from templates, everything that is filled in escaped; the home of Jinja."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader


def render(package: str, template: str, **values: object) -> str:
    """Return the text of a template with its values filled in.

    Args:
        package: in whose folder ``pages`` the template lies.
        template: its file's name.
        values: what is filled in; strings are escaped, for they may be hostile.
    """
    return _environment(package).get_template(template).render(values)


@cache
def _environment(package: str) -> Environment:
    environment = Environment(
        loader=PackageLoader(package, "pages"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    # The event is posted as its fixture has it, the order of its keys included.
    environment.policies["json.dumps_kwargs"] = {"sort_keys": False}
    return environment
