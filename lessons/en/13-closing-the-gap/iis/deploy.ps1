# the app stops, visitors see this file
New-Item -ItemType File `
  C:\sites\shop\app_offline.htm
# when the app has ended, nothing is locked
Copy-Item \\build\shop\* C:\sites\shop -Recurse -Force
# the next request starts the new version
Remove-Item C:\sites\shop\app_offline.htm
