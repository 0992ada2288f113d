/** Settings of the build, see README. */
interface ImportMetaEnv {
  readonly PUBLIC_WEBCONTAINER?: string;
  readonly PUBLIC_WEBCONTAINER_API_KEY?: string;
  readonly PUBLIC_LECTURE_URL?: string;
}
