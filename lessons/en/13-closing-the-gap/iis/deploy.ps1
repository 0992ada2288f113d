# the app stops, visitors see this file
New-Item C:\sites\shop\app_offline.htm
# nothing is locked now
Copy-Item \\build\shop\* C:\sites\shop -Recurse -Force
# the next request starts the new version
Remove-Item C:\sites\shop\app_offline.htm
