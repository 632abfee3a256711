using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;

namespace MMDetSharp.Tests.Core.Configs;

/// <summary>Inheritance, templates and files, by the rules of mmcv.</summary>
public sealed class ConfigLoaderTests : IDisposable
{
    private readonly ConfigFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_ChildOfBase_MergesDictsAndReplacesTheRest()
    {
        _folder.Write("base.py", "a = dict(x=1, y=dict(z=2))\nb = [1, 2]\nc = 3");
        var child = _folder.Write("child.py", "_base_ = './base.py'\na = dict(y=dict(w=4))\nb = [5]\nd = 6");

        var root = Config.Load(child).Root;

        Assert.Equal("{'a': {'x': 1, 'y': {'z': 2, 'w': 4}}, 'b': [5], 'c': 3, 'd': 6}", root.ToString());
    }

    [Fact]
    public void Load_ListOfBasesInFolders_MergesAll()
    {
        _folder.Write("parts/one.py", "a = 1");
        _folder.Write("parts/two.py", "_base_ = '../three.py'\nb = 2");
        _folder.Write("three.py", "c = 3");
        var child = _folder.Write("sub/child.py", "_base_ = ['../parts/one.py', '../parts/two.py']");

        Assert.Equal("{'a': 1, 'c': 3, 'b': 2}", Config.Load(child).Root.ToString());
    }

    [Fact]
    public void Load_Delete_ReplacesTheBase()
    {
        _folder.Write("base.py", "a = dict(x=1, y=2)");
        var child = _folder.Write("child.py", "_base_ = 'base.py'\na = dict(_delete_=True, z=3)");

        Assert.Equal("{'a': {'z': 3}}", Config.Load(child).Root.ToString());
    }

    [Fact]
    public void Load_DeleteWithoutBase_StaysAsInMmcv()
    {
        _folder.Write("base.py", "a = 1");
        var child = _folder.Write("child.py", "_base_ = 'base.py'\nb = dict(_delete_=True, z=3)");

        Assert.Equal("{'a': 1, 'b': {'_delete_': True, 'z': 3}}", Config.Load(child).Root.ToString());
    }

    [Fact]
    public void Load_PrivateNames_DropsOnlyDoubleUnderscores()
    {
        var root = Config.Parse("__a = 1\n_b = 2\nc = 3").Root;

        Assert.Equal("{'_b': 2, 'c': 3}", root.ToString());
    }

    [Fact]
    public void Load_NameUsedTwice_GivesTwoValues()
    {
        _folder.Write("base.py", "shared = dict(x=1)\na = shared\nb = shared");
        var child = _folder.Write("child.py", "_base_ = 'base.py'\na = dict(x=2)");

        Assert.Equal("{'shared': {'x': 1}, 'a': {'x': 2}, 'b': {'x': 1}}", Config.Load(child).Root.ToString());
    }

    [Fact]
    public void Load_BaseReference_GivesTheValueOfTheBase()
    {
        _folder.Write("base.py", "a = dict(x=[1, 2])\nname = 'n'");
        var child = _folder.Write(
            "child.py",
            "_base_ = 'base.py'\nb = {{ _base_.a.x }}\nc = dict(d={{_base_.name}} + '!', e={{_base_.a.x.1}})");

        var root = Config.Load(child).Root;

        Assert.Equal("[1, 2]", root["b"].ToString());
        Assert.Equal("{'d': 'n!', 'e': 2}", root["c"].ToString());
    }

    [Fact]
    public void Load_FileTemplates_AreReplaced()
    {
        var file = _folder.Write(
            "name.py",
            "a = '{{ fileDirname }}'\nb = '{{fileBasename}}'\nc = f'{{ fileBasenameNoExtension }}-{1}'\n"
                + "d = r'x{{ fileExtname }}'");

        var root = Config.Load(file).Root;

        Assert.Equal($"'{_folder.Path}'", root["a"].ToString());
        Assert.Equal("'name.py'", root["b"].ToString());
        Assert.Equal("'name-1'", root["c"].ToString());
        Assert.Equal("'x.py'", root["d"].ToString());
    }

    [Fact]
    public void Load_Json_ReadsValuesAndBases()
    {
        _folder.Write("base.py", "a = dict(x=1)");
        var child = _folder.Write(
            "child.json",
            """{"_base_": "base.py", "a": {"y": [true, null, 1.5, -2, "\u0041\/\\"]}, "b": {{_base_.a.x}}}""");

        var root = Config.Load(child).Root;

        Assert.Equal("""{'a': {'x': 1, 'y': [True, None, 1.5, -2, 'A/\\']}, 'b': 1}""", root.ToString());
    }

    [Fact]
    public void Load_Deprecation_BecomesAWarning()
    {
        var file = _folder.Write("old.py", "_deprecation_ = dict(expected='new.py', reference='https://x')\na = 1");

        var config = Config.Load(file);

        Assert.Equal("{'a': 1}", config.Root.ToString());
        Assert.Equal([$"{file}: this config is deprecated. Use new.py instead. See https://x."], config.Warnings);
    }

    [Fact]
    public void Load_WindowsLineEndsAndByteOrderMark_AreRead()
    {
        var file = _folder.Write("crlf.py", "\ufeffa = [1,\r\n  2]\r\nb = 3\r\n");

        var config = Config.Load(file);

        Assert.Equal("{'a': [1, 2], 'b': 3}", config.Root.ToString());
        Assert.Equal(3, config.Root.Find("b")!.Origin.Line);
    }

    [Fact]
    public void Load_MissingFile_NamesASimilarOne()
    {
        _folder.Write("retinanet.py", "a = 1");
        var path = Path.Combine(_folder.Path, "retinanett.py");

        var error = Assert.Throws<ConfigException>(() => Config.Load(path));

        Assert.Equal($"{path}: there is no such config file. Did you mean retinanet.py?", error.Message);
    }

    [Fact]
    public void Load_OtherFormat_IsRefused()
    {
        var file = _folder.Write("a.yaml", "a: 1");

        var error = Assert.Throws<ConfigException>(() => Config.Load(file));

        Assert.Equal($"{file}: a config must be a .py or .json file. Convert it.", error.Message);
    }

    [Fact]
    public void Load_MissingBase_NamesTheLine()
    {
        var file = _folder.Write("child.py", "\n_base_ = ['nowhere.py']");

        var error = Assert.Throws<ConfigException>(() => Config.Load(file));

        var missing = Path.Combine(_folder.Path, "nowhere.py");
        Assert.Equal($"{file}:2: the base file {missing} does not exist. Correct the path.", error.Message);
    }

    [Fact]
    public void Load_CyclicBases_NamesTheCycle()
    {
        var a = _folder.Write("a.py", "_base_ = 'b.py'");
        var b = _folder.Write("b.py", "_base_ = 'a.py'");

        var error = Assert.Throws<ConfigException>(() => Config.Load(a));

        Assert.Equal($"{b}:1: the bases form a cycle: {a} -> {b} -> {a}. Remove one _base_.", error.Message);
    }

    [Fact]
    public void Load_SameKeyInTwoBases_NamesBothPlaces()
    {
        var one = _folder.Write("one.py", "x = 1");
        var two = _folder.Write("two.py", "y = 1\nx = 2");
        var child = _folder.Write("child.py", "_base_ = ['one.py', 'two.py']");

        var error = Assert.Throws<ConfigException>(() => Config.Load(child));

        Assert.Equal(
            $"{two}:2: two bases must not set the same key, found x also in {one}:1. "
                + "Keep it in one of them, or set it in the file that has both as bases.",
            error.Message);
    }

    [Fact]
    public void Load_DictOverNoDict_SaysHowToReplace()
    {
        var basis = _folder.Write("base.py", "model = dict(neck=None)");
        var child = _folder.Write("child.py", "_base_ = 'base.py'\nmodel = dict(\n    neck=dict(type='FPN'))");

        var error = Assert.Throws<ConfigException>(() => Config.Load(child));

        Assert.Equal(
            $"{child}:3: model.neck is a dict here, but None in the base ({basis}:1). "
                + "Add _delete_=True to the dict to replace the base.",
            error.Message);
    }

    [Fact]
    public void Load_ReferenceToMissingKeyOfBase_SuggestsAnother()
    {
        _folder.Write("base.py", "model = dict(depth=50)");
        var child = _folder.Write("child.py", "_base_ = 'base.py'\na = {{_base_.model.dept}}");

        var error = Assert.Throws<ConfigException>(() => Config.Load(child));

        Assert.Equal(
            $"{child}:2:5: {{{{_base_.model.dept}}}} is not in the bases: there is no key dept. Did you mean depth?",
            error.Message);
    }

    [Fact]
    public void Load_ReservedName_IsRefused()
    {
        var error = Assert.Throws<ConfigException>(() => Config.Parse("text = 'x'"));

        Assert.Equal("config.py:1: text is a reserved name. Choose another.", error.Message);
    }
}
