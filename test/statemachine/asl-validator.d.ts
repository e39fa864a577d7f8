declare module 'asl-validator' {
  const validate: (definition: object) => { readonly isValid: boolean; readonly errors?: readonly object[] };
  export = validate;
}
