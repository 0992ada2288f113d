using System.Diagnostics;
using System.Threading;
using System.Web;

public class CountHandler : IHttpHandler
{
    static int visits = 0;
    static readonly int loadedBy =
        Process.GetCurrentProcess().Id;

    public bool IsReusable => true;

    public void ProcessRequest(
        HttpContext context)
    {
        int now = Interlocked
            .Increment(ref visits);
        context.Response.Write(
            $"pid {loadedBy} counts {now}");
    }
}
