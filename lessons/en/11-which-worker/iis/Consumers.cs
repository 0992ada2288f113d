using System.Net;
using System.Text;
using System.Threading.Channels;

var queue = Channel
    .CreateBounded<Visit>(1000);

async Task Work(int number)
{
    while (true)
    {
        Visit visit = await queue
            .Reader.ReadAsync();
        visit.Answer($"worker {number}");
    }
}

for (int n = 1; n <= 4; n++)
{
    int number = n;
    _ = Task.Run(() => Work(number));
}

await queue.Reader.Completion;

record Visit(HttpListenerResponse Response)
{
    public void Answer(string text) =>
        Response.Close(Encoding.UTF8.GetBytes(text), willBlock: false);
}
