/** What the site's builder decided about the WebContainer engine. Read by the page, by the build and by its policy. */

/** `off`: never offered. `on`: offered. `default`: taken where the guards allow it, unless the learner chose; asks first all the same. */
const ENGINE_SETTINGS = ['off', 'on', 'default'] as const;
export type EngineSetting = (typeof ENGINE_SETTINGS)[number];

/** The value of PUBLIC_WEBCONTAINER; nothing means `on`. Throws on any other word. */
export function engineSetting(value: string | undefined): EngineSetting {
  const setting = ENGINE_SETTINGS.find((one) => one === (value || 'on'));
  if (setting === undefined) throw new Error(`PUBLIC_WEBCONTAINER is "${value}"; it may be ${ENGINE_SETTINGS.join(', ')}.`);
  return setting;
}
