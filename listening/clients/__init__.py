"""The services that know what members listen to. One module each; what they answer is parsed in `<service>_records`."""
