# which worker processes are there?
appcmd list wps

# replace them, losing nobody
appcmd recycle apppool Shop

# change one setting of the pool
appcmd set apppool "Shop" /processModel.maxProcesses:3
