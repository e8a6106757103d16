/* A passkey has a form of its own, which takes along whose device this is. */

document.getElementById("mfa_login").addEventListener("formdata", ({ formData }) => {
  formData.set("device_kind", document.querySelector("[name=device_kind]:checked").value);
});
