# on the build machine
git clone $repository C:\build\shop
dotnet restore C:\build\shop
dotnet publish C:\build\shop `
  -c Release -o C:\build\out

# to the server
robocopy C:\build\out C:\sites\shop /MIR

# does it start?
dotnet C:\sites\shop\Shop.dll
