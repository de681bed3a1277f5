// The menu of a program's text: open a file, save as one, back to what is loaded or to the line's own.

// `own` is the line's own program, null where nobody is to see it; `name` of the file; `text()` of the editor.
export const FileMenu = {
  props: {
    said: Function,
    may: Boolean,
    changed: Boolean,
    own: String,
    keys: { type: Object, default: () => ({ own: "plc.reference", revert: "plc.revert" }) },
    name: String,
    accept: String,
    text: Function,
  },

  emits: ["replace", "revert"],

  template: `
    <button type="button" class="cell-button icon" data-act="file" :title="said('plc.file')" :aria-label="said('plc.file')">
      <q-icon name="more_vert" />
      <q-menu><q-list dense>
        <q-item clickable v-close-popup :disable="!may" data-act="open_file" @click="$refs.file.click()"><q-item-section>{{ said("plc.open") }}</q-item-section></q-item>
        <q-item clickable v-close-popup data-act="save_file" @click="save"><q-item-section>{{ said("plc.save") }}</q-item-section></q-item>
        <q-item clickable v-close-popup :disable="!changed" @click="$emit('revert')"><q-item-section>{{ said(keys.revert) }}</q-item-section></q-item>
        <q-item v-if="own" clickable v-close-popup :disable="!may" data-act="reference" @click="$emit('replace', own)">
          <q-item-section>{{ said(keys.own) }}</q-item-section></q-item>
      </q-list></q-menu>
      <input ref="file" type="file" :accept="accept" hidden @click.stop @change="open"></button>`,

  methods: {
    save() {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([this.text()], { type: "text/plain" }));
      link.download = this.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    },

    async open(event) {
      const [file] = event.target.files;
      event.target.value = "";
      if (file) this.$emit("replace", (await file.text()).replace(/\r\n?/g, "\n").replace(/^\ufeff/, ""));
    },
  },
};
