var app = WebApplication.CreateBuilder(args).Build();

app.UseStaticFiles();

app.MapGet("/", () => $"Hello from process {Environment.ProcessId}\n");

app.MapGet("/slow", async (int ms) =>
{
    await Task.Delay(ms);
    return $"process {Environment.ProcessId} waited {ms} ms\n";
});

app.Run();
