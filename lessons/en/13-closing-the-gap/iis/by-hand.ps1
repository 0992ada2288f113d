cd C:\sites\shop
dotnet Shop.dll `
    --urls http://127.0.0.1:5000
