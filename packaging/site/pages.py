"""Puts the texts of the repository's root among the pages, and makes links of files in the repository fit the site."""

import posixpath
import re

from mkdocs.structure.files import File

ROOT = {"README.md": "index.md", "CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md", "SECURITY.md": "security.md"}
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])+)\]\(([^()\s:#]+)(#[^()\s]*)?\)")


def on_files(files, config):
    for name, page in ROOT.items():
        with open(posixpath.join(config.docs_dir, "..", name), encoding="utf-8") as f:
            files.append(File.generated(config, page, content=f.read()))
    return files


def on_page_markdown(markdown, page, config, files):
    """A link to a page stays one; one to another file becomes its name, since the site does not have the file."""
    at = {site: name for name, site in ROOT.items()}.get(page.file.src_uri, posixpath.join("docs", page.file.src_uri))

    def fit(match):
        picture, text, path, anchor = match[1], match[2], match[3], match[4] or ""
        target = posixpath.normpath(posixpath.join(posixpath.dirname(at), path))
        inside = ROOT.get(target) or (target[len("docs/"):] if target.startswith("docs/") else None)
        if inside is None or files.get_file_from_path(inside) is None:
            return text
        return f"{picture}[{text}]({posixpath.relpath(inside, posixpath.dirname(page.file.src_uri) or '.')}{anchor})"

    return LINK.sub(fit, markdown)
