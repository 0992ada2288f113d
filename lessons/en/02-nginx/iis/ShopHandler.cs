using System.Diagnostics;
using System.Web;

public class Shop : IHttpHandler
{
  public bool IsReusable => true;

  public void ProcessRequest(
    HttpContext context)
  {
    var answer = context.Response;
    if (context.Request.Path != "/")
    {
      answer.StatusCode = 404;
      return;
    }
    var me = Process.GetCurrentProcess();
    answer.ContentType = "text/plain";
    answer.Write($"Hello from {me.Id}\n");
  }
}
