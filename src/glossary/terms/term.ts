/** What the glossary says of a word, and where most of it stands. */

export interface Term {
  /** Its place on the glossary's page. */
  readonly id: string;
  readonly term: string;
  /** Other forms of it in a text. With a capital in it, it is meant so; without, it may also begin a sentence. */
  readonly forms?: readonly string[];
  /** One or two sentences, plain. */
  readonly says: string;
  /** What you know it as from IIS and ASP.NET. */
  readonly iis?: string;
  /** Of a thing of IIS or ASP.NET: what stands in its place on the server here. */
  readonly here?: string;
  /** Where it stands. */
  readonly source: string;
}

export const UWSGI = 'https://uwsgi-docs.readthedocs.io/en/latest';
export const NGINX = 'https://nginx.org/en/docs';
export const IIS = 'https://learn.microsoft.com/iis';
export const CORE = 'https://learn.microsoft.com/aspnet/core';
