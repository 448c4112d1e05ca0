import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["dist", "src/api/generated.d.ts"] },
  ...ts.configs.recommended,
  hooks.configs.flat.recommended,
  { rules: { "no-console": "error", eqeqeq: "error" } },
  { files: ["scripts/**", "pact/**"], rules: { "no-console": "off" } },
);
