using System.Diagnostics;
using System.Web;

public class ShopHandler : IHttpHandler
{
    public bool IsReusable => true;

    public void ProcessRequest(HttpContext context)
    {
        if (context.Request.Path != "/")
        {
            context.Response.StatusCode = 404;
            return;
        }
        var text = $"Hello from w3wp, pid {Process.GetCurrentProcess().Id}\n";
        context.Response.ContentType = "text/plain";
        context.Response.Write(text);
    }
}
