REM What wrote encrypted.doc (from clean.odt, "MS Word 97") and encrypted.xls (from
REM hidden-sheet.fods, "MS Excel 97"): run it from LibreOffice's macro editor.
Sub Save(source, target, kind)
 Dim hidden(0) As New com.sun.star.beans.PropertyValue
 Dim how(1) As New com.sun.star.beans.PropertyValue
 hidden(0).Name = "Hidden" : hidden(0).Value = True
 how(0).Name = "FilterName" : how(0).Value = kind
 how(1).Name = "Password" : how(1).Value = "secret"
 document = StarDesktop.loadComponentFromURL(source, "_blank", 0, hidden())
 document.storeToURL(target, how())
 document.close(True)
End Sub
