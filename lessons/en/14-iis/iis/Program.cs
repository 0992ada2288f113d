var app = WebApplication
  .CreateBuilder(args).Build();

app.UseStaticFiles();

app.MapGet("/", () => "Hello\n");

app.MapGet("/slow",
  async (int ms) =>
  {
    await Task.Delay(ms);
    return $"waited {ms} ms\n";
  });

app.Run();
