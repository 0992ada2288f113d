using AppFunc = System.Func<System.Collections.Generic.IDictionary<string, object>,
    System.Threading.Tasks.Task>;

public class Startup
{
    public void Configuration(Owin.IAppBuilder app) =>
        app.Use(new System.Func<AppFunc, AppFunc>(next => environment =>
        {
            environment["owin.ResponseStatusCode"] = 200;
            var body = (System.IO.Stream)environment["owin.ResponseBody"];
            var text = System.Text.Encoding.UTF8.GetBytes("Hello from OWIN\n");
            return body.WriteAsync(text, 0, text.Length);
        }));
}
