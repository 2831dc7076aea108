"""The mock browser: windows, openers, cookies and messages over plain HTTP, without a browser.

It implements what a browser does by itself, as the standards define it. It runs no JavaScript: the stub's own pages
carry as data what their scripts do, and a page under test is written in Python, as a `page.Page`.
"""
