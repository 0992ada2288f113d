var builder = WebApplication.CreateBuilder(args);

builder.WebHost.ConfigureKestrel(options =>
    options.ListenUnixSocket("/run/shop/kestrel.sock"));

var app = builder.Build();
app.MapGet("/", () => $"Hello from {Environment.ProcessId}\n");
app.Run();
