using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;

namespace MMDetSharp.Tests.Core.Registry;

public class ConfigReaderTests
{
    private const string Text =
        """
        model = dict(
            type='FCOSHead',
            num_classes=80,
            lr=0.1,
            flag=True,
            zero=0,
            nothing=None,
            strides=[8, 16],
            scales=(0.5, 1),
            names=['a', 'b'],
            one='a',
            img_scale=[(1333, 800), (1333, 640)],
            size=(7, 8),
            loss=dict(type='FocalLoss', gamma=2.0),
            heads=[dict(type='A'), dict(type='B', x=1)])
        """;

    private readonly ConfigReader _reader = new ConfigReader(Config.Parse(Text, "configs/fcos.py").Root).Node("model");

    [Fact]
    public void Getters_PresentKeys_GiveTheirValues()
    {
        Assert.Equal("FCOSHead", _reader.TypeName);
        Assert.Equal("a", _reader.String("one"));
        Assert.Equal(80, _reader.Int("num_classes"));
        Assert.Equal(80L, _reader.Long("num_classes"));
        Assert.Equal(0.1, _reader.Float("lr"));
        Assert.Equal(80.0, _reader.Float("num_classes"));
        Assert.True(_reader.Bool("flag"));
        Assert.False(_reader.Bool("zero"));
        Assert.Equal([8, 16], _reader.Ints("strides"));
        Assert.Equal([0.5, 1.0], _reader.Floats("scales"));
        Assert.Equal(["a", "b"], _reader.Strings("names"));
        Assert.Equal((7, 8), _reader.IntPair("size"));
        Assert.Equal((7.0, 8.0), _reader.FloatPair("size"));
        Assert.Equal([(1333, 800), (1333, 640)], _reader.IntPairsOrNull("img_scale")!);
        Assert.Equal([(7, 8)], _reader.IntPairsOrNull("size")!);
        Assert.Equal((80, 80), _reader.IntPairOrOne("num_classes"));
        Assert.Equal(["a"], _reader.StringsOrOne("one")!);
        Assert.Equal([80], _reader.IntsOrOne("num_classes")!);
        Assert.Equal([0.1], _reader.FloatsOrOne("lr")!);
        Assert.Equal("80", _reader.Raw("num_classes").ToString());
    }

    [Fact]
    public void Getters_MissingOrNone_GiveTheDefault()
    {
        Assert.Equal(3, _reader.Int("nothing", 3));
        Assert.Equal(3, _reader.Int("absent", 3));
        Assert.Equal(0.5, _reader.Float("absent", 0.5));
        Assert.True(_reader.Bool("nothing", true));
        Assert.Equal("x", _reader.String("absent", "x"));
        Assert.Equal([1], _reader.Ints("absent", [1]));
        Assert.Null(_reader.IntOrNull("nothing"));
        Assert.Null(_reader.StringOrNull("nothing"));
        Assert.Null(_reader.FloatsOrNull("absent"));
        Assert.Null(_reader.IntPairOrNull("absent"));
        Assert.Null(_reader.NodeOrNull("nothing"));
        Assert.Null(_reader.NodesOrNull("absent"));
        Assert.Null(_reader.RawOrNull("nothing"));
        Assert.False(_reader.Has("nothing"));
        Assert.True(_reader.Has("loss"));
    }

    [Fact]
    public void Nodes_Lists_KnowTheirPaths()
    {
        var heads = _reader.Nodes("heads");

        Assert.Equal(["model.heads.0", "model.heads.1"], heads.Select(head => head.Path));
        Assert.Equal(1, heads[1].Int("x"));
        Assert.Same(heads[0], _reader.Nodes("heads")[0]);
        Assert.Same(_reader.Node("loss"), _reader.NodesOrOne("loss")[0]);
    }

    [Fact]
    public void Choice_OtherWord_SuggestsTheNearest()
    {
        var reader = Reader("model = dict(style='pytorc')");

        var error = Assert.Throws<ConfigException>(() => reader.ChoiceOr("style", "pytorch", "pytorch", "caffe"));

        Assert.Equal(
            "config.py:1: model.style must be one of pytorch, caffe, got 'pytorc'. Did you mean pytorch?",
            error.Message);
    }

    [Fact]
    public void Done_UnknownKey_NamesPlaceOwnerAndTheNearestKey()
    {
        var root = Config.Parse(
            "model = dict(\n    bbox_head=dict(\n        type='FCOSHead',\n        num_clases=80))",
            "configs/fcos/fcos_r50.py");
        var head = new ConfigReader(root.Root).Node("model").Node("bbox_head");
        _ = head.TypeName;
        _ = head.Int("num_classes", 1);
        _ = head.Ints("strides", []);

        var error = Assert.Throws<ConfigException>(head.Done);

        Assert.Equal(
            "configs/fcos/fcos_r50.py:4: model.bbox_head.num_clases is not an option of FCOSHead. "
                + "Did you mean num_classes?\nFCOSHead knows num_classes, strides, type.",
            error.Message);
    }

    [Fact]
    public void Done_SeveralUnknownKeys_NamesAll()
    {
        var reader = Reader("model = dict(\n    aaa=1,\n    bbb=2)");
        reader.Ignore("ccc");

        var error = Assert.Throws<ConfigException>(reader.Done);

        Assert.Equal(
            "config.py:2: model.aaa is not an option of model. Remove it.\n"
                + "config.py:3: model.bbb is not an option of model. Remove it.\nmodel knows ccc.",
            error.Message);
    }

    [Fact]
    public void Done_SlipInAListBelow_TellsItsPathFileAndLine()
    {
        var train = Nested();
        foreach (var stage in train.Nodes("rcnn"))
        {
            var sampler = stage.Node("sampler");
            _ = (sampler.TypeName, sampler.Int("num", 0));
        }

        var error = Assert.Throws<ConfigException>(train.Done);

        Assert.Equal(
            "configs/cascade.py:4: train_cfg.rcnn.1.sampler.nmu is not an option of RandomSampler. Did you mean num?\n"
                + "configs/cascade.py:5: train_cfg.rpn.sampler.pos is not an option of RandomSampler. Remove it.\n"
                + "RandomSampler knows num, type.\nRandomSampler knows type.",
            error.Message);
    }

    [Fact]
    public void Done_NodesBelowAnIgnoredKey_AreLeftToTheirOwnReader()
    {
        var train = Nested();
        train.Ignore("rcnn");
        var stage = train.Nodes("rcnn")[1];
        train.Node("rpn").Node("sampler").Ignore("pos");

        train.Done();

        Assert.Throws<ConfigException>(stage.Done);
    }

    [Fact]
    public void Done_AllAsked_IsSilent()
    {
        var reader = Reader("model = dict(a=1, b=None)");
        _ = reader.Int("a");
        _ = reader.Has("b");

        reader.Done();
    }

    [Fact]
    public void Int_MissingKey_SaysWhatToAdd()
    {
        var error = Assert.Throws<ConfigException>(() => _reader.Int("num_points"));

        Assert.Equal(
            "configs/fcos.py:1: model.num_points is missing: FCOSHead needs an int there. "
                + "Add num_points=... to the dict.",
            error.Message);
    }

    [Theory]
    [InlineData("'80'", "the str '80'. Remove the quotes.")]
    [InlineData("80.0", "the float 80.0. Change the value.")]
    [InlineData("True", "the bool True. Change the value.")]
    [InlineData("[80]", "the list [80]. Change the value.")]
    [InlineData("None", "None. Give it a value.")]
    [InlineData("2 ** 40", "the int 1099511627776. Change the value.")]
    public void Int_OtherType_SaysWhatWasFound(string written, string found)
    {
        var reader = Reader($"model = dict(\n    n={written})");

        var error = Assert.Throws<ConfigException>(() => reader.Int("n"));

        Assert.Equal($"config.py:2: model.n must be an int, got {found}", error.Message);
    }

    [Fact]
    public void Ints_OneNumber_SuggestsBrackets()
    {
        var error = Assert.Throws<ConfigException>(() => _reader.Ints("num_classes"));

        Assert.Equal(
            "configs/fcos.py:3: model.num_classes must be a list of ints, got the int 80. "
                + "Put brackets around it: [80].",
            error.Message);
    }

    [Fact]
    public void Node_OverrideOfWrongType_NamesTheOption()
    {
        var config = Config.Parse("model = dict(a=dict(b=1))", overrides: ["model.a=5"]);
        var reader = new ConfigReader(config.Root).Node("model");

        var error = Assert.Throws<ConfigException>(() => reader.Node("a"));

        Assert.Equal(
            "--cfg-options model.a=5: model.a must be a dict, got the int 5. Change the value.", error.Message);
    }

    // train_cfg of two stages; sampler of rpn is handed out and its type read.
    private static ConfigReader Nested()
    {
        var config = Config.Parse(
            "train_cfg = dict(\n"
                + "    rcnn=[\n"
                + "        dict(sampler=dict(type='RandomSampler', num=512)),\n"
                + "        dict(sampler=dict(type='RandomSampler', nmu=256))],\n"
                + "    rpn=dict(sampler=dict(type='RandomSampler', pos=0.5)))",
            "configs/cascade.py");
        var train = new ConfigReader(config.Root).Node("train_cfg");
        _ = train.Node("rpn").Node("sampler").TypeName;
        return train;
    }

    private static ConfigReader Reader(string text) => new ConfigReader(Config.Parse(text).Root).Node("model");
}
