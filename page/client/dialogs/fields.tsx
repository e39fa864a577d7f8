import { useId } from 'preact/hooks';

type TextProps = {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly hint?: string;
  readonly isOptional?: boolean;
  readonly isCode?: boolean;
  readonly isFirst?: boolean;
};

export const TextField = ({ label, value, onInput, hint, isOptional, isCode, isFirst }: TextProps) => {
  const id = useId();
  return (
    <div class="labelled">
      <label for={id}>
        {label} {isOptional && <span class="quiet">optional</span>}
      </label>
      <input
        id={id}
        class={isCode ? 'field mono' : 'field'}
        value={value}
        autocomplete="off"
        spellcheck={!isCode}
        autofocus={isFirst}
        maxLength={500}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      {hint !== undefined && (
        <small id={`${id}-hint`} class="quiet">
          {hint}
        </small>
      )}
    </div>
  );
};

export const Check = ({ label, isOn, onChange }: { label: string; isOn: boolean; onChange: (isOn: boolean) => void }) => (
  <label class="check">
    <input type="checkbox" checked={isOn} onChange={({ currentTarget }) => onChange(currentTarget.checked)} /> {label}
  </label>
);
