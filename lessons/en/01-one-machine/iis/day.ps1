# IIS, on Windows
Get-Service W3SVC
Stop-Service W3SVC
Start-Service W3SVC
Set-Service W3SVC -StartupType Automatic
Get-NetTCPConnection -State Listen
