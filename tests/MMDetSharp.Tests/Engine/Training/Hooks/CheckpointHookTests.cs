using MMDetSharp.Engine.Training.Hooks;
using MMDetSharp.Engine.Training.Loop;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Engine.Training.Hooks;

public sealed class CheckpointHookTests
{
    private const string Head = """
        optimizer = dict(type='SGD', lr=0.05)
        lr_config = dict(policy='fixed')

        """;

    [Theory]
    [InlineData("interval=1", "epoch_1.pth epoch_2.pth epoch_3.pth epoch_4.pth epoch_5.pth")]
    [InlineData("interval=2", "epoch_2.pth epoch_4.pth epoch_5.pth")]
    [InlineData("interval=2, save_last=False", "epoch_2.pth epoch_4.pth")]
    [InlineData("interval=1, max_keep_ckpts=2", "epoch_4.pth epoch_5.pth")]
    [InlineData("interval=2, max_keep_ckpts=1, save_last=False", "epoch_4.pth")]
    [InlineData("interval=10, by_epoch=False", "iter_10.pth iter_20.pth iter_25.pth")]
    [InlineData("interval=5, by_epoch=False, max_keep_ckpts=2", "iter_20.pth iter_25.pth")]
    [InlineData("interval=1, filename_tmpl='ckpt-{}.pth', max_keep_ckpts=1", "ckpt-5.pth")]
    [InlineData("interval=-1", "")]
    public void Run_FiveEpochs_LeavesTheFilesThatTheConfigAsksFor(string config, string expected)
    {
        using var folder = new TemporaryFolder();
        using var training = new TinyTraining(folder.Path, $"{Head}checkpoint_config = dict({config})", epochs: 5);

        training.Run();

        var files = Directory.GetFiles(folder.Path, "*.pth").Select(Path.GetFileName).Where(name => name != "latest.pth");
        Assert.Equal(expected, string.Join(' ', files.Order(StringComparer.Ordinal)));
        Assert.Equal(expected.Length > 0, File.Exists(folder.Under("latest.pth")));
    }

    [Fact]
    public void Apply_FilesOfALaterNumberOrAnotherName_Stay()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["epoch_1.pth", "epoch_2.pth", "epoch_9.pth", "epoch_x.pth", "best_epoch_1.pth", "epoch_.pth"])
        {
            File.WriteAllText(folder.Under(name), "");
        }

        CheckpointRetention.Apply(folder.Path, "epoch_{}.pth", 2, 1);

        Assert.False(File.Exists(folder.Under("epoch_1.pth")));
        Assert.Equal(5, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void Point_Twice_LeadsToTheNewest()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Under("epoch_1.pth"), "one");
        File.WriteAllText(folder.Under("epoch_2.pth"), "two");

        LatestLink.Point(folder.Under("epoch_1.pth"));
        LatestLink.Point(folder.Under("epoch_2.pth"));

        Assert.Equal("two", File.ReadAllText(folder.Under("latest.pth")));
        Assert.Equal("one", File.ReadAllText(folder.Under("epoch_1.pth")));
        Assert.Equal(3, Directory.GetFiles(folder.Path).Length);
    }
}
