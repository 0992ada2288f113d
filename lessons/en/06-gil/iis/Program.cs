var app = WebApplication.Create(args);

app.MapGet("/wait", async (int ms) =>
{
    await Task.Delay(ms);
    return $"waited {ms} ms\n";
});

app.MapGet("/burn", (int n) =>
    $"computed {Work(n)}\n");

static long Work(int n)
{
    long total = 0;
    for (long i = 0; i < n; i++)
        total += i * i % 7;
    return total;
}

app.Run();
