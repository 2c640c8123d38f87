/** Owns what the settings of TypeScript are for oxc-transform, and the helpers that its output calls for old decorators. */
import type { TransformOptions } from "oxc-transform"
import type { TypeScriptOptions } from "./tsconfig.ts"

/** Options by which the output means what `tsc` and esbuild would make of the file. */
export function oxcOptions(given: TypeScriptOptions, isTypeScript: boolean): TransformOptions {
  return { jsx: jsxOptions(given), ...(isTypeScript ? classOptions(given) : {}) }
}

function jsxOptions({ jsx, jsxFactory, jsxFragmentFactory, jsxImportSource }: TypeScriptOptions) {
  const classic = jsx === "react" || (jsx === undefined && jsxFactory !== undefined)
  if (!classic)
    return {
      runtime: "automatic" as const,
      development: jsx === "react-jsxdev",
      ...(jsxImportSource === undefined ? {} : { importSource: jsxImportSource }),
    }
  return {
    runtime: "classic" as const,
    ...(jsxFactory === undefined ? {} : { pragma: jsxFactory }),
    ...(jsxFragmentFactory === undefined ? {} : { pragmaFrag: jsxFragmentFactory }),
  }
}

function classOptions(given: TypeScriptOptions): TransformOptions {
  const { experimentalDecorators, emitDecoratorMetadata, strict, strictNullChecks } = given
  const decorators: TransformOptions =
    experimentalDecorators !== true
      ? {}
      : {
          decorator: {
            legacy: true,
            emitDecoratorMetadata: emitDecoratorMetadata === true,
            strictNullChecks: strictNullChecks ?? strict === true,
          },
          helpers: { mode: "External" as NonNullable<NonNullable<TransformOptions["helpers"]>["mode"]> },
        }
  return definesFields(given)
    ? decorators
    : {
        ...decorators,
        assumptions: { setPublicClassFields: true },
        typescript: { removeClassFieldsWithoutInitializer: true },
      }
}

/** Whether class fields are defined, as the language has it, or assigned, as TypeScript had it before. */
function definesFields({ useDefineForClassFields, target }: TypeScriptOptions): boolean {
  return useDefineForClassFields ?? (target === undefined || /^es(?:next|20(?:2[2-9]|[3-9]\d))$/i.test(target))
}

/** As TypeScript's own helpers of the same purpose. */
const HELPERS: Readonly<Record<string, string>> = {
  decorate: `(decorators, target, key, desc) {
  const count = arguments.length;
  let result = count < 3 ? target : desc === null ? (desc = Object.getOwnPropertyDescriptor(target, key)) : desc;
  if (typeof Reflect === "object" && typeof Reflect.decorate === "function") result = Reflect.decorate(decorators, target, key, desc);
  else for (let i = decorators.length - 1; i >= 0; i--) {
    const decorator = decorators[i];
    if (decorator) result = (count < 3 ? decorator(result) : count > 3 ? decorator(target, key, result) : decorator(target, key)) || result;
  }
  if (count > 3 && result) Object.defineProperty(target, key, result);
  return result;
}`,
  decorateParam: "(index, decorator) { return (target, key) => decorator(target, key, index); }",
  decorateMetadata: `(key, value) {
  if (typeof Reflect === "object" && typeof Reflect.metadata === "function") return Reflect.metadata(key, value);
}`,
}

/** The output with the helpers that it calls behind it, hoisted, so that directives and places stay. */
export function withHelpers(js: string): string {
  if (!js.includes("babelHelpers.")) return js
  const used = new Set<string>()
  let prefix = "$"
  while (js.includes(`${prefix}decorate`)) prefix += "$"
  const text = js.replace(/\bbabelHelpers\.(decorate(?:Param|Metadata)?)\(/g, (_, name: string) => {
    used.add(name)
    return `${`${prefix}${name}`.padEnd("babelHelpers.".length + name.length)}(` // so no place moves
  })
  return used.size === 0
    ? js
    : `${text}\n${[...used].map(name => `function ${prefix}${name}${HELPERS[name]}`).join("\n")}\n`
}
