using Microsoft.AspNetCore.HttpOverrides;

var builder =
    WebApplication.CreateBuilder(args);
builder.Services
    .Configure<ForwardedHeadersOptions>(o =>
        o.ForwardedHeaders =
            ForwardedHeaders.XForwardedFor |
            ForwardedHeaders.XForwardedProto);

var app = builder.Build();
app.UseForwardedHeaders();

app.MapGet("/how", (HttpContext visit) =>
{
    var request = visit.Request;
    var visitor = visit.Connection.RemoteIpAddress;
    var link =
        $"{request.Scheme}://{request.Host}/pay";
    return $"visitor {visitor}\nlink    {link}\n";
});

app.Run();
