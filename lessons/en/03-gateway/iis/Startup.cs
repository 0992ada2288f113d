using System;
using System.IO;
using System.Text;
using Owin;
using AppFunc = System.Func<
  System.Collections.Generic.IDictionary<string, object>,
  System.Threading.Tasks.Task>;

public class Startup
{
  public void Configuration(IAppBuilder app) =>
    app.Use(new Func<AppFunc, AppFunc>(
      next => environment =>
      {
        environment["owin.ResponseStatusCode"] = 200;
        var body = (Stream)environment["owin.ResponseBody"];
        var text = Encoding.UTF8.GetBytes("Hello from OWIN\n");
        return body.WriteAsync(text, 0, text.Length);
      }));
}
