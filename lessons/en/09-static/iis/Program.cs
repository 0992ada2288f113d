using
  Microsoft.Extensions.FileProviders;

var app =
  WebApplication.Create(args);

var week = new StaticFileOptions
{
  RequestPath = "/static",
  FileProvider =
    new PhysicalFileProvider(
      "/srv/shop/static"),
  OnPrepareResponse = file =>
    file.Context.Response
      .Headers.CacheControl =
        "max-age=604800",
};
app.UseStaticFiles(week);

app.MapGet("/", () =>
  $"Hello from " +
  $"{Environment.ProcessId}\n");

app.Run();
