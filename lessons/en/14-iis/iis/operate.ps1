# the worker processes
appcmd list wps

# replace them, losing nobody
appcmd recycle apppool Shop

# change one setting
appcmd set apppool "Shop" /processModel.maxProcesses:3
