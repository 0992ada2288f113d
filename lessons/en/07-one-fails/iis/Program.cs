var builder =
    WebApplication.CreateBuilder(args);
builder.Services.AddRequestTimeouts();

var app = builder.Build();
app.UseRequestTimeouts();

app.MapGet("/stuck",
    (CancellationToken stop) =>
    {
        while (true)
            stop.ThrowIfCancellationRequested();
    })
    .WithRequestTimeout(
        TimeSpan.FromSeconds(2));

app.MapGet("/crash", () =>
    Environment.FailFast("gone"));

app.Run();
