# An app with Kestrel in it, as a Windows service
New-Service -Name Shop `
  -Description "shop (Kestrel)" `
  -BinaryPathName "C:\sites\shop\Shop.exe" `
  -StartupType Automatic

# What Windows does when it dies
sc.exe failure Shop reset= 300 actions= restart/2000

Start-Service Shop
