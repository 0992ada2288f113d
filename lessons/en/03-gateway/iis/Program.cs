var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();

app.MapGet("/", () => "Hello from ASP.NET Core\n");

app.MapGet("/products/", () =>
    Results.Content(Page.Products(), "text/html"));

app.Run();
