"""Printed papers as PDF: receipts, decision notices, bulletins. One press, one house style, fonts of a fixed list.

A template is a `.typ` file beside the code that fills it. It begins with

    #import "/house.typ": *
    #let data = json("/data.json")

and finds further files (pictures, what is to be attached) under `/files/<name>`. Packages of Typst's registry do not exist here.
"""
