@node "%~dpn0" %*
