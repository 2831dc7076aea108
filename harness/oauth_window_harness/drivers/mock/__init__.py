"""The mock browser: windows, openers, cookies and messages over plain HTTP, without a browser.

It does what a browser does on its own, by the standards that say so. What a document does is its script's affair; of
scripts it plays those of the harness' own pages, which carry as data what they do, and `page.Page`, written in Python.
"""
