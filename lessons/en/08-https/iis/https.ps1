$cert = Get-ChildItem `
  Cert:\LocalMachine\My |
  Where-Object Subject `
    -eq 'CN=localhost'

New-IISSiteBinding `
  -Name Shop `
  -Protocol https `
  -BindingInformation `
    '*:443:localhost' `
  -SslFlag Sni `
  -CertStoreLocation `
    Cert:\LocalMachine\My `
  -CertificateThumbPrint `
    $cert.Thumbprint
