"""HTML from templates, with every value escaped; the only module that uses Jinja."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader


def render(package: str, template: str, **values: object) -> str:
    """Return a template with its values filled in.

    Args:
        package: the package whose folder ``pages`` holds the template.
        template: the name of its file.
        values: by the names that the template uses; strings are escaped, for they may be hostile.
    """
    return _environment(package).get_template(template).render(values)


@cache
def _environment(package: str) -> Environment:
    environment = Environment(
        loader=PackageLoader(package, "pages"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    # `tojson` keeps the order of keys: the event is posted exactly as its fixture has it.
    environment.policies["json.dumps_kwargs"] = {"sort_keys": False}
    return environment
