// At once: one thread for
// each processor ...
ThreadPool.GetMinThreads(
    out int workers,
    out int ports);

// ... or more. From there
// the pool grows by itself.
ThreadPool.SetMinThreads(16, ports);
