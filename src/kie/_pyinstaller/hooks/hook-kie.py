"""Run by PyInstaller: the data files, and the modules that are imported by a name which is put together."""

from PyInstaller.utils.hooks import collect_data_files, collect_submodules

datas = [*collect_data_files("kie_models"), *collect_data_files("kie._plans"), *collect_data_files("kie._library")]
datas += [*collect_data_files("kie._studio"), *collect_data_files("kie", subdir=".agents")]
hiddenimports = [*collect_submodules("kie_models"), *collect_submodules("kie_wire")]
