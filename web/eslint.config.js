import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

/** Every text stands in the catalogue (src/text), so that a translation is one file: no words between tags, nor in what is read out. */
const LITERAL = ":matches(Literal[value=/\\p{L}{2}/u], TemplateElement[value.raw=/\\p{L}{2}/u])";
const CHILD = ":matches(JSXElement, JSXFragment) > JSXExpressionContainer";
const READ_OUT = "JSXAttribute[name.name=/^(title|alt|label|placeholder|description|lead|aria-(label|description|valuetext))$/]";
const untranslated = [
  "JSXText[value=/\\p{L}{2}/u]", `${READ_OUT} ${LITERAL}`, `${CHILD} > ${LITERAL}`,
  `${CHILD} > :matches(TemplateLiteral, ConditionalExpression, LogicalExpression) > ${LITERAL}`,
].map((selector) => ({ selector, message: "This text belongs into the catalogue: src/text/en and nl." }));

export default ts.config(
  { ignores: ["dist", "src/api/generated.d.ts"] },
  ...ts.configs.recommended,
  hooks.configs.flat.recommended,
  { rules: { "no-console": "error", eqeqeq: "error" } },
  { files: ["src/**/*.tsx"], rules: { "no-restricted-syntax": ["error", ...untranslated] } },
  { files: ["scripts/**", "pact/**"], rules: { "no-console": "off" } },
);
